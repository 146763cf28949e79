/** What every name of this deployment begins with: service and stage. */
exports.prefixOf = async ({ resolveVariable }) =>
  `${await resolveVariable('self:service')}-${await resolveVariable('sls:stage')}`;

/** Logical ids know no "-"; ids of targets know no capital letters, so no two become the same. */
exports.logicalId = (kind, targetId) => `${kind}${targetId.replaceAll('-', 'X')}`;
