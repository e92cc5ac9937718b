/// The version that reports and the command line name.
package let version = "0.1.0"
