/** The version of this project, as in package.json: what Huawei sees in the User-Agent. */
export const VERSION = '0.2.0';
