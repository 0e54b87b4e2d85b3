//go:build !unix

package wikifeed

// syncFolder has nothing to do where folders can't be opened as files: there a rename is as durable as it gets.
func syncFolder(string) error { return nil }
