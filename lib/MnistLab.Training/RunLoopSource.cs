namespace MnistLab.Training;

/// <summary>Provides the core of the run loop as source code, which is embedded when the library is compiled.</summary>
public static class RunLoopSource
{
    /// <summary>Gets the C# code of the loop over the steps of a run, without the surrounding code.</summary>
    public static string Loop => Read("loop");

    /// <summary>Gets the C# code that processes one batch in a step, without the surrounding code.</summary>
    public static string Step => Read("step");

    private static string Read(string region)
    {
        using var resource = typeof(RunLoopSource).Assembly.GetManifestResourceStream($"{nameof(TrainingRun)}.cs")!;
        using var reader = new StreamReader(resource);
        var lines = reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n')
            .SkipWhile(line => line.Trim() != $"#region {region}").Skip(1)
            .TakeWhile(line => line.Trim() != "#endregion").ToList();
        if (lines.Count == 0) throw new InvalidOperationException($"{nameof(TrainingRun)}.cs has no region '{region}'.");
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : ""));
    }
}
