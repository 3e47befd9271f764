namespace MnistLab.Training;

/// <summary>What a run is for (MoXing's <c>ModeKeys</c>).</summary>
public enum RunMode
{
    /// <summary>Adjust the weights.</summary>
    Train,

    /// <summary>Measure the model, leaving the weights alone.</summary>
    Eval,
}
