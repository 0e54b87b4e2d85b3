//go:build unix

package wikifeed

import (
	"errors"
	"os"
)

// syncFolder makes what was renamed in a folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
