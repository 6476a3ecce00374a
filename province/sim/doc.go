// Package sim is a simulation of a province: twelve counties' real engines, relays and
// receivers, a JetStream cluster of three nodes, PostgreSQL, and two processes of the
// province that read, find and send; what people write and what goes wrong is drawn from
// one seed. In the end everything is healed, and the province must be the union of its
// counties, each finding told once, and a store built again the same.
//
// The story is the seed's alone; how the servers' threads interleave under it is not, so
// that a seed may need some tries to fail again.
//
// It is all tests. What one county does with its tablets is simulated in the package sim
// at the top; the wires of one process are tested where they are.
package sim
