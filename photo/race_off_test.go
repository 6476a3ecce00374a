//go:build !race

package photo

// memoryFactor: figures hold for the real build.
const memoryFactor = 1
