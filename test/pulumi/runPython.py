"""Runs a Python program for the test engine.

The CLI ships a script of this kind, `pulumi-language-python-exec`, which the SDK does not bring. This one stands in
for it: the same arguments, environment and exit codes. Everything else, from the runtime to the gRPC client, is the
SDK's own.
"""

import argparse
import asyncio
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import pulumi
import pulumi.runtime

# Tells the language host that people have seen what went wrong.
ALREADY_TOLD = 32


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("monitor", "engine", "project", "root_directory", "stack", "pwd", "dry_run", "organization"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--parallel", type=int, required=True)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs="*")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> int:
    runtime = pulumi.runtime
    runtime.set_all_config(runtime.get_config_env(), runtime.get_config_secret_keys_env())
    runtime.configure(
        runtime.Settings(
            monitor=arguments.monitor,
            engine=arguments.engine,
            project=arguments.project,
            root_directory=arguments.root_directory,
            stack=arguments.stack,
            organization=arguments.organization,
            parallel=arguments.parallel,
            dry_run=arguments.dry_run == "true",
        )
    )
    sys.argv = [arguments.program, *arguments.arguments]
    os.chdir(arguments.pwd)
    # A program that fails leaves futures behind that nobody has looked at; asyncio would complain of each.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with ThreadPoolExecutor(max_workers=4 * max(arguments.parallel, 1)) as executor:
        loop.set_default_executor(executor)
        try:
            program = runtime.run_in_stack(lambda: runpy.run_path(arguments.program, run_name="__main__"))
            loop.run_until_complete(program)
            return 0
        except pulumi.RunError as error:
            pulumi.log.error(str(error))
            return 1
        except Exception:
            pulumi.log.error(f"Program failed with an unhandled exception:\n{traceback.format_exc()}")
            return ALREADY_TOLD


if __name__ == "__main__":
    sys.exit(run(parse_arguments()))
