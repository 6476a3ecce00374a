//go:build linux

package process

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// replayed is a file system as POSIX promises it and no better: a file's bytes
// are kept by its own fsync, its name by the fsync of its directory.
type replayed struct {
	dir     string
	root    *node
	offsets map[string]int64 // of open files: path#fd
	links   []*link          // not yet durable, in order
}

// node is a file or a directory, under whatever name.
type node struct {
	live, kept map[string]*node // a directory's entries: now, and durable
	content    []byte           // a file's durable bytes
	size       int64            // its size now
	pending    []patch
}

// patch is a change of a file's bytes that is not durable yet.
type patch struct {
	exit     int64
	offset   int64
	data     []byte
	truncate bool
}

// link is a change of names: an entry that is set or, with a nil child, taken
// away. A rename is both, in one.
type link struct {
	exit  int64
	parts []entry
	done  bool
}

type entry struct {
	dir   *node
	name  string
	child *node
}

func newDir() *node { return &node{live: map[string]*node{}, kept: map[string]*node{}} }

func newReplay(dir string) *replayed {
	return &replayed{dir: dir, root: newDir(), offsets: map[string]int64{}}
}

// find answers the directory and the entry of a path; a nil node is not there, a
// nil directory is elsewhere. Shared memory is never read after a cut.
func (d *replayed) find(path string) (dir *node, name string, n *node) {
	inside, ok := strings.CutPrefix(path, d.dir)
	if !ok || strings.HasSuffix(path, "-shm") {
		return nil, "", nil
	}
	n = d.root
	for _, step := range strings.Split(strings.Trim(inside, "/"), "/") {
		if step == "" {
			continue
		}
		if n == nil || n.live == nil {
			return nil, "", nil
		}
		dir, name, n = n, step, n.live[step]
	}
	return dir, name, n
}

func (d *replayed) link(exit int64, parts ...entry) {
	l := &link{exit: exit, parts: parts}
	for _, p := range parts {
		set(p.dir.live, p)
	}
	d.links = append(d.links, l)
}

func set(entries map[string]*node, p entry) {
	if p.child == nil {
		delete(entries, p.name)
	} else {
		entries[p.name] = p.child
	}
}

// run takes the calls that had ended by the moment, and answers the rest: what
// was still under way has done nothing that may be relied on.
func (d *replayed) run(t *testing.T, events []event, moment int64) []event {
	t.Helper()
	i := 0
	for ; i < len(events) && events[i].exit <= moment; i++ {
		d.take(t, events[i])
	}
	return events[i:]
}

// fd reads `9<\x2f…>`: a number and the path behind it now.
func (d *replayed) fd(t *testing.T, arg string) (path, key string) {
	t.Helper()
	n, quoted, _ := strings.Cut(arg, "<")
	quoted, gone, _ := strings.Cut(quoted, ">")
	path = string(unquote(t, quoted))
	if gone != "" { // a deleted file: nobody finds it again
		return "", ""
	}
	return path, path + "#" + n
}

// at reads a directory and a path that may be relative to it.
func (d *replayed) at(t *testing.T, dirfd, quoted string) string {
	t.Helper()
	path := string(unquote(t, quoted))
	if filepath.IsAbs(path) {
		return path
	}
	_, base, _ := strings.Cut(dirfd, "<")
	return filepath.Join(string(unquote(t, base)), path)
}

func (d *replayed) take(t *testing.T, e event) {
	t.Helper()
	switch e.name {
	case "open":
		d.open(t, e, string(unquote(t, e.args[0])), e.args[1])
	case "openat":
		d.open(t, e, d.at(t, e.args[0], e.args[1]), e.args[2])
	case "write", "pwrite64", "ftruncate":
		d.write(t, e)
	case "lseek":
		if _, key := d.fd(t, e.args[0]); key != "" {
			d.offsets[key] = number(t, e.result)
		}
	case "fsync", "fdatasync":
		path, _ := d.fd(t, e.args[0])
		if _, _, n := d.find(path); n != nil {
			d.sync(n, e.enter)
		}
	case "mkdirat":
		if dir, name, n := d.find(d.at(t, e.args[0], e.args[1])); dir != nil && n == nil {
			d.link(e.exit, entry{dir, name, newDir()})
		}
	case "unlink":
		d.remove(e, string(unquote(t, e.args[0])))
	case "unlinkat":
		d.remove(e, d.at(t, e.args[0], e.args[1]))
	case "renameat":
		from, was, n := d.find(d.at(t, e.args[0], e.args[1]))
		to, name, _ := d.find(d.at(t, e.args[2], e.args[3]))
		if from == nil || to == nil || n == nil {
			t.Fatalf("a rename of what is not there: %v", e.args)
		}
		d.link(e.exit, entry{from, was, nil}, entry{to, name, n})
	default:
		t.Fatalf("the server uses %s, which the replay does not know", e.name)
	}
}

func (d *replayed) remove(e event, path string) {
	if dir, name, n := d.find(path); n != nil && dir != nil {
		d.link(e.exit, entry{dir, name, nil})
	}
}

func (d *replayed) open(t *testing.T, e event, path, flags string) {
	t.Helper()
	fd, _, _ := strings.Cut(e.result, "<")
	dir, name, n := d.find(path)
	if dir == nil || n != nil && n.live != nil {
		return
	}
	if n == nil {
		if !strings.Contains(flags, "O_CREAT") {
			return
		}
		n = &node{}
		d.link(e.exit, entry{dir, name, n})
	} else if strings.Contains(flags, "O_TRUNC") {
		n.pending = append(n.pending, patch{exit: e.exit, truncate: true})
		n.size = 0
	}
	d.offsets[path+"#"+fd] = 0
	if strings.Contains(flags, "O_APPEND") {
		d.offsets[path+"#"+fd] = n.size
	}
}

func (d *replayed) write(t *testing.T, e event) {
	t.Helper()
	path, key := d.fd(t, e.args[0])
	_, _, n := d.find(path)
	if n == nil || n.live != nil {
		return
	}
	p := patch{exit: e.exit}
	switch e.name {
	case "ftruncate":
		p.truncate, p.offset = true, number(t, e.args[1])
		n.size = p.offset
	case "pwrite64":
		p.data, p.offset = unquote(t, e.args[1])[:number(t, e.result)], number(t, e.args[3])
	case "write":
		p.data, p.offset = unquote(t, e.args[1])[:number(t, e.result)], d.offsets[key]
		d.offsets[key] += int64(len(p.data))
	}
	n.size = max(n.size, p.offset+int64(len(p.data)))
	n.pending = append(n.pending, p)
}

// sync keeps what had ended before the fsync began.
func (d *replayed) sync(n *node, began int64) {
	if n.live != nil {
		for _, l := range d.links {
			if l.exit <= began && slices.ContainsFunc(l.parts, func(p entry) bool { return p.dir == n }) {
				l.done = true
				for _, p := range l.parts {
					set(p.dir.kept, p)
				}
			}
		}
		d.links = slices.DeleteFunc(d.links, func(l *link) bool { return l.done })
		return
	}
	n.pending = slices.DeleteFunc(n.pending, func(p patch) bool {
		if p.exit > began {
			return false
		}
		n.content = p.apply(n.content, math.MaxInt64)
		return true
	})
}

// apply changes the bytes; at most so many of the data arrive.
func (p patch) apply(content []byte, most int64) []byte {
	grow := func(size int64) {
		if size > int64(len(content)) {
			content = append(content, make([]byte, size-int64(len(content)))...)
		}
	}
	if p.truncate {
		grow(p.offset)
		return content[:p.offset]
	}
	data := p.data[:min(int64(len(p.data)), most)]
	grow(p.offset + int64(len(data)))
	copy(content[p.offset:], data)
	return content
}

// dump writes what a cut leaves at this moment: all that is durable, and of the
// rest nothing, everything, or some of it with a torn sector. It answers how many
// changes were dropped, of how many that were not durable.
func (d *replayed) dump(t *testing.T, to string, r *rand.Rand) (dropped [2]int) {
	t.Helper()
	names := 0
	if r.IntN(2) == 0 {
		names = r.IntN(len(d.links) + 1)
	}
	dropped = [2]int{len(d.links) - names, len(d.links)}
	var walk func(n *node, path string)
	walk = func(n *node, path string) {
		if n.live == nil {
			content, lost := n.survivors(r)
			dropped[0], dropped[1] = dropped[0]+lost, dropped[1]+len(n.pending)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			return
		}
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
		entries := map[string]*node{}
		for name, child := range n.kept {
			entries[name] = child
		}
		for _, l := range d.links[:names] {
			for _, p := range l.parts {
				if p.dir == n {
					set(entries, p)
				}
			}
		}
		sorted := make([]string, 0, len(entries))
		for name := range entries {
			sorted = append(sorted, name)
		}
		slices.Sort(sorted) // the dice fall in one order
		for _, name := range sorted {
			walk(entries[name], filepath.Join(path, name))
		}
	}
	walk(d.root, to)
	return dropped
}

const sector = 512

func (n *node) survivors(r *rand.Rand) (content []byte, lost int) {
	content = slices.Clone(n.content)
	fate := r.IntN(10)
	for _, p := range n.pending {
		switch {
		case fate < 4 || fate >= 7 && r.IntN(2) == 0:
			lost++
		case fate >= 7 && len(p.data) > sector && r.IntN(4) == 0:
			content = p.apply(content, int64(r.IntN(len(p.data)/sector))*sector)
		default:
			content = p.apply(content, math.MaxInt64)
		}
	}
	return content, lost
}
