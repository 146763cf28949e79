import type { Extensions, Intrinsic, Resource, Resources } from '../template/cloudformation.ts';
import type { Parameters } from '../template/parameters.ts';

const FUNCTIONS = ['ScheduledExportLambdaFunction', 'AlertExportLambdaFunction'];
const ROLES = ['ScheduledExportRole', 'AlertExportRole'];

/** The functions in the VPC. */
export function inVpc(
  vpc: NonNullable<Parameters['vpc']>,
  prefix: string,
): { Resources: Resources; extensions: Extensions } {
  const VpcConfig = { SubnetIds: vpc.subnetIds, SecurityGroupIds: vpc.securityGroupIds };
  return {
    Resources: { VpcAccess: vpcAccess(prefix) },
    // Lambda looks for the permission when it makes the function.
    extensions: Object.fromEntries(
      FUNCTIONS.map((name) => [name, { Properties: { VpcConfig }, DependsOn: ['VpcAccess'] }]),
    ),
  };
}

// Lambda itself makes and removes the network interfaces, with the function's role; the function's code may not.
// Source: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
function vpcAccess(prefix: string): Resource<'AWS::IAM::Policy'> {
  const of = (name: string): Intrinsic => ({
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
          // IAM cannot limit these actions to narrower resources that Lambda could use.
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
