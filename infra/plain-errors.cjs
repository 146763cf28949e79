/** Does the work; osls shows an error's stack, and what a person has to fix is in the message. */
exports.withPlainErrors = async (work) => {
  try {
    return await work();
  } catch (error) {
    error.stack = error.message;
    throw error;
  }
};
