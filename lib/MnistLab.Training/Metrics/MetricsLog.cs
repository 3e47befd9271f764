using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Training.Metrics;

/// <summary>
/// Writes the metrics of a run as data, in full precision: <c>metrics.jsonl</c>, which only grows, one JSON object per line.
/// <code>
/// {"kind":"start","step":0}
/// {"kind":"train","step":10,"samples_per_second":41987.2,"metrics":{"loss":0.3128471374511719,"accuracy":0.94}}
/// {"kind":"validation","step":100,"metrics":{"loss":0.2911943197250366,"accuracy":0.9186}}
/// {"kind":"final","step":100,"metrics":{"loss":0.2911943197250366,"accuracy":0.9186}}
/// </code>
/// <c>start</c>: training begins, or resumes, after this step; earlier lines about later steps no longer count.
/// <c>final</c>: the run has ended, and these are the validation metrics of the weights it returned, which are those of this step.
/// <c>NaN</c> and infinities are strings. Not thread-safe.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "metrics.jsonl";

    private readonly FileStream _file;

    /// <summary>Opens the file of a folder, to append to it; both are created if they are missing.</summary>
    /// <param name="folder">The run's folder; in a job, the boot file's <c>--log_dir</c>.</param>
    /// <param name="step">The number of steps done so far, at least 0.</param>
    /// <exception cref="IOException">The file cannot be opened or written.</exception>
    public MetricsLog(string folder, long step = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        NumberRange.RequireAtLeast(step, 0);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            RemoveUnfinishedLine();
            Append(MetricsLine.Start(step));
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Appends a report.</summary>
    /// <exception cref="IOException">The line cannot be written.</exception>
    public void Write(StepReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Append(MetricsLine.Of(report));
    }

    /// <summary>Appends the validation metrics of the weights that the run returns: what a search compares.</summary>
    /// <exception cref="IOException">The line cannot be written.</exception>
    public void WriteFinal(StepReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Append(MetricsLine.Final(report));
    }

    /// <summary>Reads the metrics of a run, also while it writes them. A folder without the file has none.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="InvalidDataException">A line is damaged; the message names the file and the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RunMetrics Read(string folder)
    {
        var (reports, final) = (new List<StepReport>(), (StepReport?)null);
        foreach (var line in new MetricsReader(folder).ReadLines())
        {
            switch (line.Kind)
            {
                case MetricsLine.StartKind:
                    reports.RemoveAll(report => report.Step > line.Step);
                    final = null;
                    break;
                case MetricsLine.FinalKind:
                    final = line.ToReport();
                    break;
                default:
                    reports.Add(line.ToReport());
                    break;
            }
        }

        return new RunMetrics(reports, final);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    // A process that was killed may have left half a line.
    private void RemoveUnfinishedLine()
    {
        var end = _file.Length;
        for (; end > 0; end--)
        {
            _file.Position = end - 1;
            if (_file.ReadByte() == '\n') break;
        }

        _file.SetLength(end);
        _file.Position = end;
    }

    private void Append(MetricsLine line)
    {
        // In one piece: readers see whole lines only.
        _file.Write(Encoding.UTF8.GetBytes(line.ToJson() + "\n"));
        _file.Flush();
    }
}

/// <summary>Represents the metrics of a run so far.</summary>
/// <param name="Reports">
/// The reports, in the order they were written; none about steps that were undone by resuming at an earlier one.
/// </param>
/// <param name="Final">
/// The validation metrics of the weights that the run returned; null while it runs, and for a run without evaluation.
/// </param>
public sealed record RunMetrics(IReadOnlyList<StepReport> Reports, StepReport? Final);
