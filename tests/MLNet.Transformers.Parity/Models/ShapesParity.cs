using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Parity.Models;

/// <summary>Checks names, shapes and parameter count of a public configuration, built on the meta device.</summary>
internal sealed class ShapesParity(Report report)
{
    private static readonly HashSet<string> _fields =
        ["kind", "cls", "config", "state", "tied", "buffers", "parameters", "parameters_published", "note", "name", "made_with", "source"];

    public void Run(JsonElement expected)
    {
        string className = expected.Text("cls") ?? "";
        if (ReferenceClass.Find(className) is not { } head)
        {
            report.Fail($"unknown class '{className}'");
            return;
        }
        report.RefuseUnknown(expected, "shapes", _fields);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(expected.GetProperty("config"));
        ModelConfig config = ModelConfig.Parse(json, "config");
        using TaskModel model = TaskModel.Create(config, ReferenceClass.Of(config, head), Placement.Meta);
        var tied = expected.Items("tied").Select(name => name.GetString()!).ToHashSet();
        var buffers = expected.Items("buffers").Select(name => name.GetString()!).ToHashSet();
        Dictionary<string, string> state = expected.Properties("state").ToDictionary(item => item.Name, item => Shape(item.Value.EnumerateArray().Select(size => size.GetInt64())));
        Dictionary<string, string> ours = model.NamedParameters.ToDictionary(item => item.Name, item => Shape(item.Parameter.shape));
        report.SequenceEqual("names and shapes",
            ours.Select(item => $"{item.Key} {item.Value}").Order(StringComparer.Ordinal),
            state.Where(item => !tied.Contains(item.Key) && !buffers.Contains(item.Key)).Select(item => $"{item.Key} {item.Value}").Order(StringComparer.Ordinal));
        report.SequenceEqual("tied names and the shapes of what they resolve to",
            model.Aliases.Select(item => $"{item.Key} {ours[item.Value]}").Order(StringComparer.Ordinal),
            tied.Select(name => $"{name} {state[name]}").Order(StringComparer.Ordinal));
        report.Equal("parameter count", model.ParameterCount, expected.GetProperty("parameters").GetInt64());
        if (expected.TryGetProperty("parameters_published", out JsonElement published) && published.ValueKind != JsonValueKind.Null)
        {
            report.Equal("published parameter count", model.ParameterCount, published.GetInt64());
        }
        report.Equal("nothing is allocated", model.NamedParameters.All(item => item.Parameter.device.type == TorchSharp.DeviceType.META), true);
    }

    private static string Shape(IEnumerable<long> sizes) => $"[{string.Join(", ", sizes)}]";
}
