using System.Text;

namespace MnistLab.Training.Metrics;

/// <summary>
/// Reads a <see cref="MetricsLog"/> while it is being written: each call returns what was added since the previous
/// call.
/// </summary>
/// <param name="folder">The folder of the run.</param>
public sealed class MetricsReader(string folder)
{
    private readonly string _path = Path.Combine(folder, MetricsLog.FileName);
    private long _position;
    private int _lines;

    /// <summary>
    /// Returns the training and validation reports added since the last call; none if the file does not exist yet.
    /// </summary>
    /// <exception cref="InvalidDataException">A line is damaged; the message names the file and the line.</exception>
    public IReadOnlyList<StepReport> ReadReports() => [.. ReadLines().Where(line => line.IsReport).Select(line => line.ToReport())];

    /// <summary>Returns the lines added since the last call. An incomplete line is left for the next call.</summary>
    /// <exception cref="InvalidDataException">A line is damaged; the message names the file and the line.</exception>
    internal IReadOnlyList<MetricsLine> ReadLines()
    {
        if (!File.Exists(_path)) return [];
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length <= _position) return [];
        file.Position = _position;
        var bytes = new byte[file.Length - _position];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var end = bytes.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
        if (end == 0) return [];

        var lines = new List<MetricsLine>();
        foreach (var text in Encoding.UTF8.GetString(bytes, 0, end - 1).Split('\n'))
            lines.Add(MetricsLine.Parse(text) ?? throw Damaged(_lines + lines.Count + 1));
        (_position, _lines) = (_position + end, _lines + lines.Count);
        return lines;
    }

    private InvalidDataException Damaged(int line) => new(
        $"{_path} is damaged: line {line} is not a line of metrics. " +
        "Delete the file: this loses the curves of the run, but not its weights.");
}
