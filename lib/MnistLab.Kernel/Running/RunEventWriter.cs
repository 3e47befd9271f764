using System.Text;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Sends the outputs and the progress of a run to the parent process immediately, so that output written before a crash
/// is not lost. Text that the running cell writes to standard output is sent unchanged, like that of native code and
/// child processes; everything else is sent as records.
/// </summary>
/// <param name="output">The standard output of the process.</param>
/// <param name="error">
/// The standard error stream of the process. An empty record is written to it at the end of each cell, so that the
/// receiver knows which cell the preceding text belongs to.
/// </param>
internal sealed class RunEventWriter(Stream output, Stream error) : IRunSink
{
    private readonly Lock _lock = new();
    private byte[] _bytes = new byte[1 << 10];
    private int _running;

    public ICellSink Begin(CellProgress progress)
    {
        Send(new RunEvent.Begun(progress));
        lock (_lock) _running = progress.Number;
        return new Cell(this, progress.Number);
    }

    public void End(CellProgress progress)
    {
        Frames.Write(error, "");
        lock (_lock) _running = 0;
        Send(new RunEvent.Ended(progress));
    }

    public void Finish(NotebookRun run) => Send(new RunEvent.Finished(run.Failures));

    private void Write(int cell, StreamName stream, string text)
    {
        lock (_lock)
        {
            if (stream != StreamName.Stdout || cell != _running || text.Contains(Frames.Separator))
            {
                Send(new RunEvent.Wrote(cell, stream, text));
                return;
            }

            var size = Encoding.UTF8.GetMaxByteCount(text.Length);
            if (_bytes.Length < size) _bytes = new byte[size];
            output.Write(_bytes, 0, Encoding.UTF8.GetBytes(text, _bytes));
        }
    }

    private void Send(RunEvent value)
    {
        var record = RunRecord.Write(value);
        lock (_lock) Frames.Write(output, record);
    }

    private sealed class Cell(RunEventWriter writer, int number) : ICellSink
    {
        private readonly WholeCharacters _output = new();
        private readonly WholeCharacters _error = new();

        public void Write(StreamName stream, string text)
        {
            var characters = stream == StreamName.Stdout ? _output : _error;
            lock (characters)
            {
                if (characters.Add(text) is { Length: > 0 } whole) writer.Write(number, stream, whole);
            }
        }

        public void Add(NotebookOutput output) => writer.Send(new RunEvent.Added(number, OutputJson.Write(output)));

        public void Display(MimeBundle data, string displayId) =>
            writer.Send(new RunEvent.Displayed(number, OutputJson.Write(new DisplayOutput(data)), displayId));

        public void UpdateDisplay(MimeBundle data, string displayId) =>
            writer.Send(new RunEvent.Updated(number, OutputJson.Write(new DisplayOutput(data)), displayId));

        public void ClearOutput(bool wait) => writer.Send(new RunEvent.Cleared(number, wait));
    }
}
