/** Somebody who gets the alarms by e-mail, once they have said yes to a first message of AWS. */
exports.alarmEmail = (address) => ({
  resources: address === undefined ? {} : { AlarmEmail: subscription(address) },
  extensions: {},
});

function subscription(address) {
  const TopicArn = { Ref: 'AlarmTopic' };
  return { Type: 'AWS::SNS::Subscription', Properties: { TopicArn, Protocol: 'email', Endpoint: address } };
}
