using System.Text.Json.Nodes;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>Replays the events of the process of a notebook as calls of a sink.</summary>
internal sealed class RunEventReader(IRunSink sink)
{
    private static readonly JsonPlace Place = new("the notebook's process", "an output");

    private readonly Dictionary<int, ICellSink> _cells = [];
    private volatile ICellSink? _running;

    /// <summary>Writes text outside the events, such as that of a child process, to the running cell.</summary>
    /// <returns>False if no cell is running.</returns>
    public bool Write(StreamName stream, string text)
    {
        if (_running is not { } cell) return false;
        cell.Write(stream, text);
        return true;
    }

    public void Replay(RunEvent value)
    {
        switch (value)
        {
            case RunEvent.Begun begun:
                _running = _cells[begun.Progress.Number] = sink.Begin(begun.Progress);
                break;
            case RunEvent.Wrote wrote:
                _cells[wrote.Cell].Write(wrote.Stream, wrote.Text);
                break;
            case RunEvent.Added added:
                _cells[added.Cell].Add(OutputJson.Read(added.Output, Place));
                break;
            case RunEvent.Displayed displayed:
                _cells[displayed.Cell].Display(DataOf(displayed.Output), displayed.DisplayId);
                break;
            case RunEvent.Updated updated:
                _cells[updated.Cell].UpdateDisplay(DataOf(updated.Output), updated.DisplayId);
                break;
            case RunEvent.Cleared cleared:
                _cells[cleared.Cell].ClearOutput(cleared.Wait);
                break;
            case RunEvent.Ended ended:
                sink.End(ended.Progress);
                break;
        }
    }

    private static MimeBundle DataOf(JsonObject output) => ((DisplayOutput)OutputJson.Read(output, Place)).Data;
}
