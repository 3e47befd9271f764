using System.Globalization;
using System.Runtime.InteropServices;

namespace MnistLab.Benchmarks.Reporting;

/// <summary>Represents the machine on which a part ran.</summary>
/// <param name="Processor">The model of the processor, with the number of cores that the process may use.</param>
/// <param name="Memory">The machine's memory, in GB.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The version of .NET.</param>
internal sealed record Machine(string Processor, double Memory, string System, string Runtime)
{
    /// <summary>Describes the machine of this process.</summary>
    public static Machine Describe() => new(
        string.Create(CultureInfo.InvariantCulture, $"{ProcessorName()}, {Environment.ProcessorCount} cores"),
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Memory:F0} GB, {System}, {Runtime}");

    private static string ProcessorName()
    {
        const string File = "/proc/cpuinfo";
        const string Key = "model name";
        if (!global::System.IO.File.Exists(File)) return $"{RuntimeInformation.ProcessArchitecture}";
        var line = global::System.IO.File.ReadLines(File)
            .FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? $"{RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
