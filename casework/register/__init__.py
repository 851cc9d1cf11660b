"""The register of calls and visits 来电来访登记: written, brought in, taken out, printed."""
