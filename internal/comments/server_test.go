package comments

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A real PostgreSQL on loopback, in a folder of its own: started when the first
// test wants it, and gone when the tests are, however they end.

const password = "a p@ss/word?"

// A server is a PostgreSQL server.
type server struct {
	bin, dir string
	as       []string // a command that runs another as somebody who is not root
	port     int
	life     io.WriteCloser // the server runs until it is closed
	done     chan struct{}
	mutex    sync.Mutex
	made     int // databases
}

var theServer struct {
	sync.Once
	*server
	err error
}

// postgres returns the server. Where there is none to start the test is skipped,
// but not with CI=true, nor in a soak.
func postgres(t testing.TB) *server {
	t.Helper()
	bin := postgresBin()
	if bin == "" {
		if os.Getenv("CI") == "true" || os.Getenv("STET_READERS") != "" {
			t.Fatal("PostgreSQL is not here: apt-get install postgresql")
		}
		t.Skip("PostgreSQL is not here: apt-get install postgresql")
	}
	theServer.Do(func() { theServer.server, theServer.err = newServer(bin) })
	if theServer.err != nil {
		t.Fatal(theServer.err)
	}
	return theServer.server
}

// postgresBin is the folder of PostgreSQL's programs, "" if it is not here.
func postgresBin() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl") // Debian's, which are in no PATH
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	path, err := exec.LookPath("pg_ctl")
	if err != nil {
		return ""
	}
	return filepath.Dir(path)
}

func newServer(bin string) (*server, error) {
	dir, err := os.MkdirTemp(reachable(), "stet-postgres-")
	if err != nil {
		return nil, err
	}
	s := &server{bin: bin, dir: dir}
	secret := filepath.Join(dir, "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o600); err != nil {
		return s, err
	}
	if os.Getuid() == 0 { // initdb refuses root
		who, err := user.Lookup("postgres")
		if err != nil {
			who, err = user.Lookup("nobody")
		}
		if err != nil {
			return s, err
		}
		uid, _ := strconv.Atoi(who.Uid)
		gid, _ := strconv.Atoi(who.Gid)
		s.as = []string{"setpriv", "--reuid=" + who.Uid, "--regid=" + who.Gid, "--clear-groups"}
		for _, path := range []string{dir, secret} {
			if err := os.Chown(path, uid, gid); err != nil {
				return s, err
			}
		}
	}
	// Words of this server are not sorted by their bytes, as Stet's are.
	if err := s.run("initdb", "-D", s.data(), "-U", "stet", "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--locale-provider=icu", "--icu-locale=en", "--locale=C"); err != nil {
		return s, err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return s, err
	}
	s.port = free.Addr().(*net.TCPAddr).Port
	free.Close()
	return s, s.start()
}

// reachable is a folder for temporary files which somebody who is not root comes
// to, if the tests run as root in one that is root's alone.
func reachable() string {
	if os.Getuid() != 0 {
		return ""
	}
	dirs := []string{os.TempDir(), "/dev/shm", "/tmp"}
	for _, dir := range dirs {
		open := true
		for at := dir; open && at != filepath.Dir(at); at = filepath.Dir(at) {
			info, err := os.Stat(at)
			open = err == nil && info.Mode().Perm()&1 != 0
		}
		if open {
			return dir
		}
	}
	return ""
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

func (s *server) command(name string, args ...string) *exec.Cmd {
	all := append(append([]string{}, s.as...), append([]string{filepath.Join(s.bin, name)}, args...)...)
	cmd := exec.Command(all[0], all[1:]...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "PGPASSWORD=" + password}
	return cmd
}

func (s *server) run(name string, args ...string) error {
	said, err := s.command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

// start starts the server below a shell that ends it when the tests are no more:
// then their end of the pipe is closed.
func (s *server) start() error {
	cmd := s.command("postgres", "-D", s.data(), "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-k", "", "-c", "max_connections=200", "-c", "log_min_messages=panic")
	cmd.Args = append([]string{"sh", "-c", `"$@" & server=$!; cat >/dev/null; kill -QUIT $server 2>/dev/null; wait $server`, "sh"}, cmd.Args...)
	shell, err := exec.LookPath("sh")
	if err != nil {
		return err
	}
	cmd.Path = shell
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if s.life, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	s.done = done
	go func() { cmd.Wait(); close(done) }()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		err := s.run("pg_isready", "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-q")
		if err == nil {
			return nil
		}
		select {
		case <-done:
			return fmt.Errorf("postgres ended: %s", said.String())
		default:
		}
		if time.Now().After(end) {
			return err
		}
	}
}

// kill ends the server as a fault would, without a goodbye.
func (s *server) kill() error {
	err := s.run("pg_ctl", "stop", "-D", s.data(), "-m", "immediate")
	s.life.Close()
	<-s.done
	return err
}

// remove ends the server and removes its folder.
func (s *server) remove() {
	if s.life != nil {
		s.life.Close()
		<-s.done
	}
	os.RemoveAll(s.dir)
}

// address is that of a database, for a user.
func (s *server) address(name, secret, database string) string {
	u := url.URL{Scheme: "postgres", Host: fmt.Sprintf("127.0.0.1:%d", s.port), Path: "/" + database, User: url.UserPassword(name, secret), RawQuery: "sslmode=disable"}
	return u.String()
}

// database makes an empty database.
func (s *server) database(t testing.TB) string {
	t.Helper()
	s.mutex.Lock()
	s.made++
	name := fmt.Sprintf("t%d", s.made)
	s.mutex.Unlock()
	s.psql(t, "postgres", "CREATE DATABASE "+name)
	return s.address("stet", password, name)
}

// psql does something with the server's own program.
func (s *server) psql(t testing.TB, database, statement string) string {
	t.Helper()
	said, err := s.command("psql", "-X", "-q", "-t", "-A", "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-U", "stet", "-d", database, "-c", statement).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", statement, err, said)
	}
	return strings.TrimSpace(string(said))
}

func TestMain(m *testing.M) {
	if where := os.Getenv("STET_WRITER"); where != "" {
		os.Exit(beWriter(where))
	}
	code := m.Run()
	if theServer.server != nil {
		theServer.remove()
	}
	os.Exit(code)
}

// both runs a test at both databases; where is a new and empty one.
func both(t *testing.T, test func(t *testing.T, where string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "comments.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, postgres(t).database(t)) })
}

// open opens a store until the test ends.
func open(t testing.TB, where string) *Store {
	t.Helper()
	s, err := Open(context.Background(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
