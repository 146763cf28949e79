/** A metric that the functions write, of a target or of the service (`_service`). */
exports.ours = (target_id, name, unit) => ({
  namespace: 'WorkspaceLoginExport',
  name,
  unit,
  dimensions: { target_id },
});
