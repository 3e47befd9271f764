namespace MnistLab.Kernel;

/// <summary>Sends what a run makes to whoever started its process, at once: what was written before the process dies is not lost.</summary>
internal sealed class RunEventWriter(TextWriter output) : IRunSink
{
    private readonly Lock _lock = new();

    public void Begin(CellProgress progress) => Send(new RunEvent.Begun(progress));

    public void End(CellProgress progress) => Send(new RunEvent.Ended(progress));

    public void Add(NotebookOutput output) => Send(new RunEvent.Added(OutputJson.Write(output)));

    public void Write(StreamName stream, string text) => Send(new RunEvent.Wrote(stream, text));

    public void Display(MimeBundle data, string displayId) => Send(new RunEvent.Displayed(OutputJson.Write(new DisplayOutput(data)), displayId));

    public void UpdateDisplay(MimeBundle data, string displayId) => Send(new RunEvent.Updated(OutputJson.Write(new DisplayOutput(data)), displayId));

    public void ClearOutput(bool wait) => Send(new RunEvent.Cleared(wait));

    public void Finish(NotebookRun run) => Send(new RunEvent.Finished(run.Failures));

    private void Send(RunEvent value)
    {
        var record = RunRecord.Write(value);
        lock (_lock)
        {
            output.Write(record);
            output.Flush();
        }
    }
}
