"""Uses Huawei's SDK as it comes, one call for each line of standard input: JSON in, JSON out (see huawei-sdk.ts)."""

import json
import sys
from datetime import datetime
from importlib import import_module

from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import SdkException, ServiceResponseException
from huaweicloudsdkcore.region.region import Region

SERVICES = {
    "iam": ("huaweicloudsdkiam.v3", "IamClient", GlobalCredentials),
    "workspace": ("huaweicloudsdkworkspace.v2", "WorkspaceClient", BasicCredentials),
    "workspaceapp": ("huaweicloudsdkworkspaceapp.v1", "WorkspaceAppClient", BasicCredentials),
}


def perform(order):
    module_name, client_name, credentials_type = SERVICES[order["service"]]
    module = import_module(module_name)
    credentials = credentials_type()
    for name, value in order["credentials"].items():
        setattr(credentials, name, value)
    builder = getattr(module, client_name).new_builder().with_credentials(credentials)
    if "region" in order:
        builder.with_region(Region(order["region"], order["endpoint"]))
    else:
        builder.with_endpoint(order["endpoint"])
    call = getattr(builder.build(), f"{order['call']}_invoker")(built(order["request"], module))
    for name, value in order.get("headers", {}).items():
        call.add_header(name, value)
    reply = call.invoke()
    content = reply.raw_content.decode("utf-8")
    return {"status": reply.status_code, "model": json.loads(reply.to_str()), "content": content}


def built(value, module):
    """What a user would write in Python: models of the SDK by their name, and times as datetime."""
    if not isinstance(value, dict):
        return [built(one, module) for one in value] if isinstance(value, list) else value
    if "datetime" in value:
        return datetime.fromisoformat(value["datetime"])
    fields = {name: built(field, module) for name, field in value.items() if name != "model"}
    return getattr(module, value["model"])(**fields)


def answer(line):
    try:
        return perform(json.loads(line))
    except ServiceResponseException as error:
        return {"error": error.error_msg, "status": error.status_code, "code": error.error_code,
                "request_id": error.request_id}
    except SdkException as error:
        return {"error": error.error_msg}


for one in sys.stdin:
    print(json.dumps(answer(one)), flush=True)
