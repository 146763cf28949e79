/** A queue's policy that refuses whoever does not come over TLS. The wildcards widen a refusal, not a permission. */
exports.tlsOnlyPolicy = (queue, allowed = []) => {
  const refusal = {
    Sid: 'DenyInsecureTransport',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: queue }],
      PolicyDocument: { Version: '2012-10-17', Statement: [refusal, ...allowed] },
    },
  };
};
