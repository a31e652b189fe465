#!/usr/bin/python3
"""Asks one server for its status and versions, loads a version, or brings back the one before."""
import argparse
import getpass
import os
import sys

import grpc
from google.protobuf import json_format

from marquee.v1 import admin_service_pb2 as pb
from marquee.v1 import admin_service_pb2_grpc as rpc


def version_number(text):
    value = int(text)
    if not 0 < value < 2**64:
        raise argparse.ArgumentTypeError("must be a whole number of 1 or more")
    return value


def login_name():
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in a container
        return f"uid {os.getuid()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="localhost:8081", help="admin_listen of the server")
    parser.add_argument("--deadline-s", type=float, default=300)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="what is served")
    commands.add_parser("versions", help="those in the snapshot directory, newest first")
    reload = commands.add_parser("reload", help="returns when the version serves")
    reload.add_argument("version", nargs="?", type=version_number, default=0,
                        help="none: the newest that the server may serve")
    reload.add_argument("--force", action="store_true",
                        help="although it is blocked, not the pinned one, or shows few items")
    rollback = commands.add_parser(
        "rollback", help="to the version before the last reload; the one that is left is blocked")
    rollback.add_argument("--reason", default="", help="kept with the version that is left")
    rollback.add_argument("--by", default=login_name(), help="who; left out: the login name")
    args = parser.parse_args()

    stub = rpc.AdminServiceStub(grpc.insecure_channel(args.target))
    call, request = {
        "status": (stub.GetStatus, pb.GetStatusRequest()),
        "versions": (stub.ListSnapshots, pb.ListSnapshotsRequest()),
        "reload": (stub.Reload, pb.ReloadRequest(version=getattr(args, "version", 0),
                                                 force=getattr(args, "force", False))),
        "rollback": (stub.Rollback, pb.RollbackRequest(reason=getattr(args, "reason", ""),
                                                       by=getattr(args, "by", ""))),
    }[args.command]
    try:
        answer = call(request, timeout=args.deadline_s)
    except grpc.RpcError as error:
        print(f"{args.command}: {error.code().name}: {error.details()}", file=sys.stderr)
        return 1
    print(json_format.MessageToJson(answer, preserving_proto_field_name=True,
                                    including_default_value_fields=True))
    if args.command == "rollback" and not answer.persisted:
        print(f"rollback: not kept: {answer.note}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
