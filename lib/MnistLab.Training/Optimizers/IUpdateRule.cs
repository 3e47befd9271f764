using System.Numerics;

namespace MnistLab.Training.Optimizers;

/// <summary>Represents the update rule of an optimizer, applied to a SIMD vector of weights at a time.</summary>
internal interface IUpdateRule
{
    /// <summary>Gets the number of state values that the optimizer keeps for each weight: 0, 1, or 2.</summary>
    static abstract int Memories { get; }

    /// <summary>Updates weights and their state values.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="gradient">The gradient of the loss with respect to the weights.</param>
    /// <param name="first">The first state value of each weight; 0 before the first step.</param>
    /// <param name="second">The second state value of each weight; 0 before the first step.</param>
    void Update(ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second);
}
