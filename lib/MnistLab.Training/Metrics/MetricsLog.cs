using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Training.Metrics;

/// <summary>
/// Writes the metrics of a run in full precision to <c>metrics.jsonl</c>, an append-only file with one JSON object per
/// line.
/// <code>
/// {"kind":"start","step":0}
/// {"kind":"train","step":10,"samples_per_second":41987.2,"metrics":{"loss":0.3128471374511719,"accuracy":0.94}}
/// {"kind":"validation","step":100,"metrics":{"loss":0.2911943197250366,"accuracy":0.9186}}
/// {"kind":"final","step":100,"metrics":{"loss":0.2911943197250366,"accuracy":0.9186}}
/// </code>
/// <c>start</c>: training starts or resumes after this step; earlier lines about later steps no longer count.
/// <c>final</c>: the run has ended; the line holds the validation metrics of the weights it returned, and the step they
/// are from. <c>NaN</c> and infinite values are written as strings. Not thread-safe.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "metrics.jsonl";

    private readonly FileStream _file;

    /// <summary>Opens the file in a folder for appending; both are created if they do not exist.</summary>
    /// <param name="folder">The folder of the run; in a job, the <c>--log_dir</c> argument of the boot file.</param>
    /// <param name="step">The number of completed steps, at least 0.</param>
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
        Append(MetricsLine.From(report));
    }

    /// <summary>
    /// Appends the validation metrics of the weights that the run returns. A search compares its trials by them.
    /// </summary>
    /// <exception cref="IOException">The line cannot be written.</exception>
    public void WriteFinal(StepReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Append(MetricsLine.Final(report));
    }

    /// <summary>
    /// Reads the metrics of a run, even while they are being written. Returns no metrics if the folder does not contain
    /// the file.
    /// </summary>
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

    // A killed process may have left an incomplete line.
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
        // Written with a single call, so that readers see only complete lines.
        _file.Write(Encoding.UTF8.GetBytes(line.ToJson() + "\n"));
        _file.Flush();
    }
}

/// <summary>Represents the metrics of a run so far.</summary>
/// <param name="Reports">
/// The reports, in the order in which they were written, except those on steps that were discarded when the run resumed
/// from an earlier step.
/// </param>
/// <param name="Final">
/// The validation metrics of the weights that the run returned; null if the run has not ended or was not evaluated.
/// </param>
public sealed record RunMetrics(IReadOnlyList<StepReport> Reports, StepReport? Final);
