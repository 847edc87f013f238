package deploy

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// program is one of the machine's, which .ci/run sees to.
func program(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("there is no %s: .ci/run witnesses says what to install", names[0])
	}
	t.Skipf("there is no %s", names[0])
	return ""
}

func sftpServer(t testing.TB) string {
	return program(t, "/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/libexec/sftp-server", "/usr/lib/ssh/sftp-server")
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// aKey is a new one, and the text of its file.
func aKey(t testing.TB) (ssh.Signer, string) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer, string(pem.EncodeToMemory(block))
}

func authorized(key ssh.Signer) string { return string(ssh.MarshalAuthorizedKey(key.PublicKey())) }

// knows has a user know a server.
func knows(t testing.TB, home, address string, key ssh.PublicKey) {
	t.Helper()
	name := filepath.Join(home, ".ssh", "known_hosts")
	old, _ := os.ReadFile(name)
	write(t, name, string(old)+knownhosts.Line([]string{address}, key)+"\n")
}

// anSFTP is a folder behind OpenSSH's own server, which lets in one key.
func anSFTP(t *testing.T) place {
	sshd, server, me := program(t, "sshd", "/usr/sbin/sshd"), sftpServer(t), aUser(t)
	dir := t.TempDir()
	hostKey, hostText := aKey(t)
	userKey, userText := aKey(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().(*net.TCPAddr)
	l.Close()
	if os.Getuid() == 0 {
		os.MkdirAll("/run/sshd", 0o755)
	}
	config := fmt.Sprintf("ListenAddress 127.0.0.1\nPort %d\nHostKey %s\nAuthorizedKeysFile %s\nStrictModes no\nPidFile none\nPasswordAuthentication no\nPermitRootLogin yes\nMaxStartups 100\nSubsystem sftp %s\n",
		address.Port, write(t, filepath.Join(dir, "host"), hostText), write(t, filepath.Join(dir, "authorized"), authorized(userKey)), server)
	name := write(t, filepath.Join(dir, "sshd_config"), config+"PerSourcePenalties no\n")
	if exec.Command(sshd, "-t", "-f", name).Run() != nil { // an older one has none
		write(t, name, config)
	}
	cmd := exec.Command(sshd, "-D", "-e", "-f", name)
	said := filepath.Join(dir, "log")
	cmd.Stderr, err = os.Create(said)
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	home := filepath.Join(dir, "home")
	write(t, filepath.Join(home, ".ssh", "id_ed25519"), userText)
	knows(t, home, address.String(), hostKey.PublicKey())
	for range 200 {
		if conn, err := net.Dial("tcp", address.String()); err == nil {
			conn.Close()
			www := filepath.Join(dir, "www")
			if err := os.Mkdir(www, 0o755); err != nil {
				t.Fatal(err)
			}
			return place{name: "sftp", dir: www, to: "sftp://" + me + "@" + address.String() + www, home: home, host: hostKey.PublicKey()}
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(said)
	t.Fatalf("sshd does not answer: %s", log)
	return place{}
}

func aUser(t testing.TB) string {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return me.Username
}
