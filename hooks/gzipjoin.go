package hooks

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// gzipJoin writes one gzip member (RFC 1952) out of pieces that were deflated
// before: browsers read a second member as garbage. The first error ends it.
type gzipJoin struct {
	w      io.Writer
	sum    uint32
	length int64
	err    error
}

func (g *gzipJoin) write(b ...byte) {
	if g.err == nil {
		_, g.err = g.w.Write(b)
	}
}

func (g *gzipJoin) begin() { g.write(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255) }

// deflated adds a piece that ends at a byte's edge without a final block.
func (g *gzipJoin) deflated(piece []byte, sum uint32, length int64) {
	g.write(piece...)
	g.sum, g.length = joinSums(g.sum, sum, length), g.length+length
}

// stored adds a short text in a block of its own (RFC 1951, 3.2.4).
func (g *gzipJoin) stored(text []byte) {
	for len(text) > 0 {
		n := min(len(text), 0xffff)
		head := binary.LittleEndian.AppendUint16([]byte{0}, uint16(n))
		g.write(binary.LittleEndian.AppendUint16(head, ^uint16(n))...)
		g.write(text[:n]...)
		g.sum, g.length = crc32.Update(g.sum, crc32.IEEETable, text[:n]), g.length+int64(n)
		text = text[n:]
	}
}

// end closes the stream with an empty final block and the sums.
func (g *gzipJoin) end() {
	tail := binary.LittleEndian.AppendUint32([]byte{3, 0}, g.sum)
	g.write(binary.LittleEndian.AppendUint32(tail, uint32(g.length))...)
}

// joinSums is the CRC-32 of two texts of which only the sums and the second's length
// are known: the first sum is carried over as many zero bytes (a linear map over
// GF(2), squared for each bit of the length), and the second added.
func joinSums(first, second uint32, length int64) uint32 {
	var step [32]uint32 // one zero bit
	step[0] = crc32.IEEE
	for i := 1; i < 32; i++ {
		step[i] = 1 << (i - 1)
	}
	for range 3 { // eight zero bits
		step = square(step)
	}
	for ; length > 0; length >>= 1 {
		if length&1 != 0 {
			first = times(step, first)
		}
		step = square(step)
	}
	return first ^ second
}

func times(m [32]uint32, v uint32) (sum uint32) {
	for i := 0; v != 0; i, v = i+1, v>>1 {
		if v&1 != 0 {
			sum ^= m[i]
		}
	}
	return sum
}

func square(m [32]uint32) (out [32]uint32) {
	for i := range m {
		out[i] = times(m, m[i])
	}
	return out
}
