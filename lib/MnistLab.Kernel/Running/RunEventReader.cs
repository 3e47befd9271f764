namespace MnistLab.Kernel;

/// <summary>Makes calls of a sink again out of the events that a notebook's process sent.</summary>
internal static class RunEventReader
{
    private static readonly JsonPlace Place = new("the notebook's process", "an output");

    public static void Replay(RunEvent value, IRunSink sink)
    {
        switch (value)
        {
            case RunEvent.Begun begun:
                sink.Begin(begun.Progress);
                break;
            case RunEvent.Wrote wrote:
                sink.Write(wrote.Stream, wrote.Text);
                break;
            case RunEvent.Added added:
                sink.Add(OutputJson.Read(added.Output, Place));
                break;
            case RunEvent.Displayed displayed:
                sink.Display(((DisplayOutput)OutputJson.Read(displayed.Output, Place)).Data, displayed.DisplayId);
                break;
            case RunEvent.Updated updated:
                sink.UpdateDisplay(((DisplayOutput)OutputJson.Read(updated.Output, Place)).Data, updated.DisplayId);
                break;
            case RunEvent.Cleared cleared:
                sink.ClearOutput(cleared.Wait);
                break;
            case RunEvent.Ended ended:
                sink.End(ended.Progress);
                break;
        }
    }
}
