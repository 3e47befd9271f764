using Microsoft.Data.Analysis;
using MnistLab.Training.Onnx;

namespace MnistLab.Notebooks;

/// <summary>Converts an ONNX model to a table.</summary>
public static class OnnxTable
{
    /// <summary>
    /// Returns a row per node, in the order of computation: <c>operator</c>, its inputs (<c>takes</c>), its output
    /// (<c>gives</c>), and its number of <c>weights</c>.
    /// </summary>
    /// <param name="graph">The graph of the model.</param>
    public static DataFrame From(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new DataFrame(
            new StringDataFrameColumn("operator", graph.Nodes.Select(node => node.Operator)),
            new StringDataFrameColumn("takes", graph.Nodes.Select(node => string.Join(", ", node.Inputs))),
            new StringDataFrameColumn("gives", graph.Nodes.Select(node => node.Output)),
            new Int64DataFrameColumn("weights", graph.Nodes.Select(node => node.Parameters)));
    }
}
