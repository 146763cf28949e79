/** A deployment that leaves no parameter empty. */
export const EVERY_PARAMETER = {
  alarm_email: 'on-call@example.com',
  kms_key_arn: 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
  subnet_ids: 'subnet-0a1b2c3d',
  security_group_ids: 'sg-0a1b2c3d',
};
