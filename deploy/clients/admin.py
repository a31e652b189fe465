#!/usr/bin/python3
"""Asks one server for its status and versions, loads a version, or brings back the one before."""
import argparse
import sys

import grpc
from google.protobuf import json_format

from marquee.v1 import admin_service_pb2 as pb
from marquee.v1 import admin_service_pb2_grpc as rpc


def version_number(text):
    value = int(text)
    if not 0 < value < 2**64:
        raise argparse.ArgumentTypeError("is to be a whole number of 1 or more")
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="localhost:8081", help="admin_listen of the server")
    parser.add_argument("--deadline-s", type=float, default=300)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="what is served")
    commands.add_parser("versions", help="those in the snapshot directory, newest first")
    reload = commands.add_parser("reload", help="returns when the version serves")
    reload.add_argument("version", nargs="?", type=version_number, default=0, help="none: the newest")
    commands.add_parser("rollback", help="to the version before the last reload")
    args = parser.parse_args()

    stub = rpc.AdminServiceStub(grpc.insecure_channel(args.target))
    call, request = {
        "status": (stub.GetStatus, pb.GetStatusRequest()),
        "versions": (stub.ListSnapshots, pb.ListSnapshotsRequest()),
        "reload": (stub.Reload, pb.ReloadRequest(version=getattr(args, "version", 0))),
        "rollback": (stub.Rollback, pb.RollbackRequest()),
    }[args.command]
    try:
        answer = call(request, timeout=args.deadline_s)
    except grpc.RpcError as error:
        print(f"{args.command}: {error.code().name}: {error.details()}", file=sys.stderr)
        return 1
    print(json_format.MessageToJson(answer, preserving_proto_field_name=True,
                                    including_default_value_fields=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
