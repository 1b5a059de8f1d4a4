"""What is said of an asset's partitions by hand: stale marks, and the parameters to make them with.

The shape is docs/decisions/0007-marks-and-partitions.md. Productions clear marks too: graph.recording does so with what
`graph.partitions.marks` offers.
"""
