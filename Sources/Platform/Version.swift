/// This program's version, in `--version` and in the user agent.
package let gatehouseVersion = "0.1.0"
