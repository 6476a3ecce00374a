package servers

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// nodeEnv names a node's configuration to a test binary that is started to be the node.
const nodeEnv = "DOORSTEP_TEST_NODE"

// NewClusterApart starts so many nodes in processes of their own, so that what they take
// of the machine is not the measured process's. The test's Main begins with ServeNode. One
// node alone is no cluster: it has its streams once.
func NewClusterApart(t testing.TB, nodes int, counties ...string) *Cluster {
	t.Helper()
	c := &Cluster{t: t, dir: t.TempDir(), counties: counties, ports: freePorts(t, nodes), routes: freePorts(t, nodes)}
	c.certificate()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for i := range nodes {
		cmd := exec.Command(self)
		cmd.Env, cmd.Stderr = append(os.Environ(), nodeEnv+"="+c.written(i)), os.Stderr
		in, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
		c.apart = append(c.apart, cmd)
	}
	return c
}

// Processes are the ids of the nodes apart.
func (c *Cluster) Processes() (out []int) {
	for _, cmd := range c.apart {
		out = append(out, cmd.Process.Pid)
	}
	return out
}

// Stores are the directories of the nodes' streams.
func (c *Cluster) Stores() (out []string) {
	for i := range c.ports {
		out = append(out, c.store(i))
	}
	return out
}

// ServeNode makes this process a node, if it was started to be one, until its input ends:
// a node outlives no test.
func ServeNode() {
	path := os.Getenv(nodeEnv)
	if path == "" {
		return
	}
	code := 0
	if err := serveNode(path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func serveNode(path string) error {
	options, err := server.ProcessConfigFile(path)
	if err != nil {
		return err
	}
	options.NoLog, options.NoSigs = true, true
	s, err := server.NewServer(options)
	if err != nil {
		return err
	}
	go s.Start()
	_, err = io.Copy(io.Discard, os.Stdin)
	s.Shutdown()
	s.WaitForShutdown()
	return err
}
