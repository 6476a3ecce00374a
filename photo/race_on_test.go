//go:build race

package photo

// memoryFactor: the race detector keeps shadow memory of its own.
const memoryFactor = 10
