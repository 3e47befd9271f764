namespace MnistLab.Training;

/// <summary>What a run is for (MoXing's <c>ModeKeys</c>).</summary>
public enum RunMode
{
    /// <summary>Adjust the weights.</summary>
    Train,

    /// <summary>Measure the model, leaving the weights alone.</summary>
    Eval,

    /// <summary>Compute the model's outputs for each sample.</summary>
    Predict,

    /// <summary>Write the model down for serving; a training run does it at its end, too.</summary>
    Export,
}
