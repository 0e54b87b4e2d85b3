// Command conformance is the runner by which the Go client takes part in tests/conformance/clients: it reads what to do
// as a line of JSON, does it, and writes what was observed as another.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log"
	"os"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

// script is a line that is read.
type script struct {
	Address  string   `json:"address"`
	Folder   string   `json:"folder"`
	Settings settings `json:"settings"`
	Actions  []action `json:"actions"`
}

type settings struct {
	Key                string   `json:"key"`
	SilenceSeconds     *float64 `json:"silence_seconds"`
	FirstWaitSeconds   *float64 `json:"first_wait_seconds"`
	LongestWaitSeconds *float64 `json:"longest_wait_seconds"`
	TimeoutSeconds     *float64 `json:"timeout_seconds"`
}

func (s settings) options() []wikifeed.DialOption {
	options := []wikifeed.DialOption{
		wikifeed.WithSilence(seconds(s.SilenceSeconds, 20)),
		wikifeed.WithBackoff(seconds(s.FirstWaitSeconds, 0.01), seconds(s.LongestWaitSeconds, 0.05)),
	}
	if s.Key != "" {
		options = append(options, wikifeed.WithKey(s.Key))
	}
	if s.TimeoutSeconds != nil {
		options = append(options, wikifeed.WithTimeout(seconds(s.TimeoutSeconds, 0)))
	}
	return options
}

func seconds(value *float64, unset float64) time.Duration {
	if value == nil {
		value = &unset
	}
	return time.Duration(*value * float64(time.Second))
}

func main() {
	lines := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout)
	for {
		var read script
		err := lines.Decode(&read)
		if err == io.EOF {
			return
		}
		if err == nil {
			err = answers.Encode(map[string][]*observation{"observations": run(read)})
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

// run does the actions, each with a client of its own.
func run(read script) []*observation {
	observations := []*observation{}
	for _, action := range read.Actions {
		seen := &observation{}
		if err := do(read, action, seen); err != nil {
			seen.Error = describe(err)
		}
		observations = append(observations, seen)
	}
	return observations
}

func do(read script, action action, seen *observation) error {
	client, err := wikifeed.Dial(read.Address, read.Settings.options()...)
	if err != nil {
		return err
	}
	work := &performing{action: action, client: client, folder: read.Folder, seen: seen}
	failed := work.run(context.Background())
	if err := client.Close(); err != nil {
		return err
	}
	if err := work.lookIntoFolder(); err != nil {
		return err
	}
	return failed
}
