using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

/// <summary>
/// Tests the lifetime of scalars. TorchSharp creates a <see cref="Scalar"/> from a number and lets native code read it,
/// but nothing keeps it alive meanwhile. The library keeps its scalars alive itself, and calls no member of TorchSharp
/// that creates one.
/// </summary>
public sealed class ScalarLifetimeTests
{
    private const BindingFlags All = BindingFlags.DeclaredOnly
        | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    [Fact]
    public void Library_KeepsEachScalarAliveWhileNativeCodeReadsIt()
    {
        var theirs = CallsOf(typeof(torch).Assembly);
        var makers = theirs.Keys.Where(MakesAScalar).ToHashSet();
        // Scalars that a method creates for one call, and the callers of such a method.
        for (var known = 0; known < makers.Count;)
        {
            known = makers.Count;
            makers.UnionWith(theirs.Where(item => !Keeps(item.Value) && item.Value.Exists(makers.Contains))
                .Select(item => item.Key).ToList());
        }

        Assert.Contains(typeof(Tensor).GetMethod("op_Addition", [typeof(Tensor), typeof(Tensor)])!, makers);
        Assert.DoesNotContain(typeof(Tensor).GetMethod("op_Multiply", [typeof(Tensor), typeof(Tensor)])!, makers);

        var careless = CallsOf(typeof(Mox).Assembly)
            .Where(item => !Keeps(item.Value) && item.Key is not ConstructorInfo && item.Value.Exists(makers.Contains))
            .Select(item => $"{item.Key.DeclaringType}.{item.Key.Name}: {item.Value.First(makers.Contains)}");

        Assert.Empty(careless);
    }

    private static bool MakesAScalar(MethodBase method) => (method as MethodInfo)?.ReturnType == typeof(Scalar);

    private static bool Keeps(List<MethodBase> calls) =>
        calls.Exists(call => call.DeclaringType == typeof(GC) && call.Name == nameof(GC.KeepAlive));

    private static Dictionary<MethodBase, List<MethodBase>> CallsOf(Assembly assembly) => assembly.GetTypes()
        .SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        .ToDictionary(method => method, method => Calls(method).ToList());

    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i < code.Length;)
        {
            var value = (int)code[i++];
            if (value == 0xFE) value = (value << 8) | code[i++];
            var operation = OpCodesByValue[value];
            if (operation.OperandType is OperandType.InlineMethod)
                yield return Resolve(method, BitConverter.ToInt32(code, i));
            i += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }

    private static MethodBase Resolve(MethodBase caller, int token)
    {
        var called = caller.Module.ResolveMethod(
            token,
            caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
            caller is MethodInfo { IsGenericMethod: true } ? caller.GetGenericArguments() : null)!;
        return called is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : called;
    }
}
