namespace MnistLab.Training.Onnx;

/// <summary>Represents an attribute of an ONNX operator, such as the strides of a convolution.</summary>
public sealed class OnnxAttribute
{
    private readonly AttributeProto _proto;

    private OnnxAttribute(AttributeProto proto) => _proto = proto;

    /// <summary>Returns an integer attribute.</summary>
    public static OnnxAttribute Int(string name, long value) =>
        new(new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });

    /// <summary>Returns a floating-point attribute.</summary>
    public static OnnxAttribute Float(string name, double value) =>
        new(new() { Name = name, F = (float)value, Type = AttributeProto.Types.AttributeType.Float });

    /// <summary>Returns an attribute that holds a list of integers.</summary>
    public static OnnxAttribute Ints(string name, IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return new(attribute);
    }

    internal AttributeProto ToProto() => _proto.Clone();
}
