using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.TorchSharp;
using MLNet.Transformers;

namespace TorchSharpNames;

/// <summary>Our extension methods have the names, parameters and defaults of Microsoft.ML.TorchSharp's, and one parameter more.</summary>
public class NamesTests
{
    public static TheoryData<string> Names => [.. Ours().Select(method => method.Name)];

    [Fact]
    public void Each_trainer_of_texts_has_its_counterpart() =>
        Assert.Equal(["NamedEntityRecognition", "QuestionAnswer", "SentenceSimilarity", "TextClassification"], Ours().Select(method => method.Name).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_and_defaults_are_theirs_and_the_checkpoint(string name)
    {
        string[] theirs = [.. Theirs(name).GetParameters().Select(Describe)];
        ParameterInfo[] ours = Ours().Single(method => method.Name == name).GetParameters();

        Assert.Equal("MLNet.Transformers.Checkpoint checkpoint", Describe(ours[1]));
        Assert.Equal(theirs, ours.Where((_, i) => i != 1).Select(Describe));
    }

    private static IEnumerable<MethodInfo> Ours() => typeof(TrainersCatalogExtensions).GetMethods(BindingFlags.Public | BindingFlags.Static);

    // The other overload takes their options.
    private static MethodInfo Theirs(string name) => typeof(TorchSharpCatalog).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Single(method => method.Name == name && method.IsDefined(typeof(ExtensionAttribute)) && method.GetParameters().Length > 2);

    // The enumeration is each library's own, with the same name and value.
    private static string Describe(ParameterInfo parameter)
    {
        string type = parameter.ParameterType.Name == nameof(MLNet.Transformers.BertArchitecture) ? nameof(MLNet.Transformers.BertArchitecture) : parameter.ParameterType.FullName!;
        return $"{type} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}";
    }
}
