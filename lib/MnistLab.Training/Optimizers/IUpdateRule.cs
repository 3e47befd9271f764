using System.Numerics;

namespace MnistLab.Training.Optimizers;

/// <summary>The formula by which an optimizer updates weights, for as many of them at once as a vector holds.</summary>
internal interface IUpdateRule
{
    /// <summary>Gets how many values the optimizer remembers for each weight: 0, 1, or 2.</summary>
    static abstract int Memories { get; }

    /// <summary>Updates weights, and what is remembered for them.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="gradient">The gradient of the loss with respect to them.</param>
    /// <param name="first">The first value that is remembered for each; 0 before the first step.</param>
    /// <param name="second">The second value that is remembered for each; 0 before the first step.</param>
    void Update(ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second);
}
