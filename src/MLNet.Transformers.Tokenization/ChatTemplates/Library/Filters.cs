using System.Collections.Frozen;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>A filter: what stands behind a |.</summary>
internal delegate object? Filter(object? value, Arguments arguments);

/// <summary>All filters by name.</summary>
internal static class Filters
{
    public static FrozenDictionary<string, Filter> All { get; } =
        TextFilters.All.Concat(ListFilters.All).Concat(ItemFilters.All).Concat(ValueFilters.All).ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="TemplateError">There is no filter of that name.</exception>
    public static Filter Get(string name) => All.GetValueOrDefault(name)
        ?? throw new TemplateError($"unknown filter '{name}'. Known are {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))}");
}
