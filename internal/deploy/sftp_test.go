package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// fails deploys, and gives what that says.
func (p place) fails(t testing.TB) string {
	t.Helper()
	target, err := Open(context.Background(), p.to, p.means())
	if err != nil {
		return err.Error()
	}
	defer target.(io.Closer).Close()
	_, problems := Send(context.Background(), Job{Edition: newPaper(20).edition(), Target: target, Now: func() time.Time { return someday }, Backoff: time.Millisecond})
	if len(problems) == 0 {
		t.Error("nothing is wrong")
		return ""
	}
	return problems[0].Text + "\n" + problems[0].Hint
}

func tells(t testing.TB, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("it says %q, want %q", got, w)
		}
	}
}

// A server that is not known, or another than before, is sent nothing.
func TestHostKeys(t *testing.T) {
	at := anSFTP(t)
	known := filepath.Join(at.home, ".ssh", "known_hosts")
	line, err := os.ReadFile(known)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(known); err != nil {
		t.Fatal(err)
	}
	tells(t, at.fails(t), "the server 127.0.0.1 is not known: its key is ssh-ed25519 "+ssh.FingerprintSHA256(at.host), strings.TrimSpace(string(line)))
	other, _ := aKey(t)
	knows(t, at.home, endpoint(at), other.PublicKey())
	tells(t, at.fails(t), "is NOT the one you know", known+":1 has another")
	write(t, known, string(line))
	at.send(t, newPaper(3).edition())
	if there, _ := os.ReadDir(filepath.Join(at.dir, stagingPath)); len(there) > 0 {
		t.Errorf("left in staging: %v", there)
	}
	info, err := os.Stat(filepath.Join(at.dir, "news", arabic))
	if err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("a folder: %v, %v", info, err)
	}
	if info, err = os.Stat(filepath.Join(at.dir, "index.html")); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("a file: %v, %v", info, err)
	}
}

// What the address leaves open is in the user's ssh configuration.
func TestSSHConfig(t *testing.T) {
	at := anSFTP(t)
	host, port, _ := net.SplitHostPort(endpoint(at))
	if err := os.Rename(filepath.Join(at.home, ".ssh", "id_ed25519"), filepath.Join(at.home, "paper-key")); err != nil {
		t.Fatal(err)
	}
	tells(t, at.fails(t), "127.0.0.1 does not let "+aUser(t)+" in", "ssh-copy-id")
	write(t, filepath.Join(at.home, ".ssh", "config"), fmt.Sprintf("Host paper\n\tHostName %s\n\tPort %s\n\tUser %s\n\tIdentityFile ~/paper-key\n", host, port, aUser(t)))
	at.to = "sftp://paper" + at.dir
	at.send(t, newPaper(3).edition())
}

// A connection that breaks at random is taken up again, until all is there.
func TestSFTPCut(t *testing.T) {
	at := anSFTP(t)
	c := cutting(t, endpoint(at), 250000)
	behind := at.through(t, c)
	p := newPaper(150)
	for round := range 3 {
		p.stories["story-003"] = fmt.Sprint("Round ", round)
		delete(p.stories, fmt.Sprint("story-10", round))
		for n := 0; ; n++ {
			_, problems := Send(context.Background(), behind.job(t, p.edition()))
			if len(problems) == 0 {
				break
			}
			if n > 20 {
				t.Fatalf("%+v", problems)
			}
		}
		at.equals(t, p.edition())
	}
	if c.cuts.Load() == 0 {
		t.Error("nothing was cut")
	}
}

// aWeakSFTP is a server of one's own before OpenSSH's sftp-server, which runs as
// nobody if that can be and lets in who knows the password.
func aWeakSFTP(t *testing.T, dir string) place {
	server := sftpServer(t)
	key, _ := aKey(t)
	config := &ssh.ServerConfig{PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
		if string(password) != "open sesame" {
			return nil, errors.New("no")
		}
		return nil, nil
	}}
	config.AddHostKey(key)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_, channels, requests, err := ssh.NewServerConn(conn, config)
				if err != nil {
					return
				}
				go ssh.DiscardRequests(requests)
				for asked := range channels {
					channel, requests, err := asked.Accept()
					if err != nil {
						return
					}
					go func() {
						for r := range requests {
							r.Reply(r.Type == "subsystem", nil)
						}
					}()
					cmd := exec.Command(server)
					if os.Getuid() == 0 {
						cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
					}
					cmd.Stdin, cmd.Stdout = channel, channel
					cmd.Run()
					channel.Close()
				}
			}()
		}
	}()
	home := t.TempDir()
	knows(t, home, l.Addr().String(), key.PublicKey())
	return place{name: "sftp", dir: dir, to: "sftp://ada@" + l.Addr().String() + dir, home: home, host: key.PublicKey(), env: map[string]string{passwordName: "open sesame"}}
}

// Wrong rights and a wrong password are told at once, and never the password.
func TestSFTPRights(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "stet-sftp-") // all may look into it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o555)
	at := aWeakSFTP(t, dir)
	tells(t, at.fails(t), "ada may not do that at 127.0.0.1", "chown -R ada "+dir)
	os.Chmod(dir, 0o777)
	at.send(t, newPaper(30).edition())
	at.env = map[string]string{passwordName: "open barley"}
	said := at.fails(t)
	tells(t, said, "127.0.0.1 does not let ada in", "look at the user's name and at "+passwordName)
	if strings.Contains(said, "barley") {
		t.Error("the password is told")
	}
	at.to = strings.Replace(at.to, "ada@", "ada:barley@", 1)
	tells(t, at.fails(t), "a password stands in the address of 127.0.0.1")
	if _, err := fs.Stat(os.DirFS(dir), "index.html"); err != nil {
		t.Error(err)
	}
}
