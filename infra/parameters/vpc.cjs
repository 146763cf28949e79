const FUNCTIONS = ['ScheduledExportLambdaFunction', 'AlertExportLambdaFunction'];
const ROLES = ['ScheduledExportRole', 'AlertExportRole'];

/** The functions in the VPC. */
exports.inVpc = (vpc, prefix) => {
  if (vpc === undefined) return { resources: {}, extensions: {} };
  const VpcConfig = { SubnetIds: vpc.subnetIds, SecurityGroupIds: vpc.securityGroupIds };
  return {
    resources: { VpcAccess: vpcAccess(prefix) },
    // Lambda looks for the permission when it makes the function.
    extensions: Object.fromEntries(
      FUNCTIONS.map((name) => [name, { Properties: { VpcConfig }, DependsOn: ['VpcAccess'] }]),
    ),
  };
};

// Lambda itself makes and removes the network interfaces, with the function's role; the function's code may not.
// Source: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
function vpcAccess(prefix) {
  const of = (name) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${prefix}-${name}`,
  });
  const functions = [of('scheduled-export'), of('alert-export')];
  return {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'vpc-access',
      Roles: ROLES.map((role) => ({ Ref: role })),
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          // These actions know no narrower resource that Lambda could be held to.
          { Sid: 'ManageInterfaces', Effect: 'Allow', Action: INTERFACES, Resource: '*' },
          {
            Sid: 'NotForTheCode',
            Effect: 'Deny',
            Action: INTERFACES,
            Resource: '*',
            Condition: { ArnEquals: { 'lambda:SourceFunctionArn': functions } },
          },
        ],
      },
    },
  };
}

const INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
