using System.Globalization;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>A tensor as a fixture writes it: {dtype, shape, data}.</summary>
internal static class ExpectedTensor
{
    public static Tensor Read(JsonElement element)
    {
        long[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        JsonElement data = element.GetProperty("data");
        string type = element.GetProperty("dtype").GetString()!;
        return type switch
        {
            "i64" => tensor([.. data.EnumerateArray().Select(value => value.GetInt64())], ScalarType.Int64).reshape(shape),
            "bool" => tensor([.. data.EnumerateArray().Select(Truth)], ScalarType.Bool).reshape(shape),
            "f32" => tensor([.. data.EnumerateArray().Select(Number)], ScalarType.Float64).reshape(shape),
            _ => throw new InvalidDataException($"The fixture has a tensor of the unknown type '{type}'."),
        };
    }

    /// <summary>A number, or one of "NaN", "Infinity", "-Infinity" as a string.</summary>
    public static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetDouble();

    /// <summary>Largest difference of two tensors; infinite where shapes differ, NaN where either holds NaN.</summary>
    public static double Difference(Tensor actual, Tensor expected)
    {
        if (!actual.shape.SequenceEqual(expected.shape))
        {
            return double.PositiveInfinity;
        }
        return actual.numel() == 0 ? 0 : (actual.to(ScalarType.Float64) - expected).abs().max().item<double>();
    }

    private static bool Truth(JsonElement value) =>
        value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.Number && value.GetInt32() != 0);
}
