using MnistLab.Training;

namespace MnistLab.Notebooks;

/// <summary>Writes the reports on validation data, a line each, and leaves out those on training batches.</summary>
public sealed class ValidationLog(TextWriter output) : IProgress<StepReport>
{
    /// <summary>Writes the report if it is one on validation data.</summary>
    public void Report(StepReport value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.IsValidation) output.WriteLine(value);
    }
}
