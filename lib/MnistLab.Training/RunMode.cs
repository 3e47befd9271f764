namespace MnistLab.Training;

/// <summary>Specifies the purpose of a run (MoXing's <c>ModeKeys</c>).</summary>
public enum RunMode
{
    /// <summary>Trains the model: the weights are updated.</summary>
    Train,

    /// <summary>Evaluates the model without changing the weights.</summary>
    Eval,

    /// <summary>Computes the model's outputs for each sample.</summary>
    Predict,

    /// <summary>Exports the model for serving. A training run can also do this at its end.</summary>
    Export,
}
