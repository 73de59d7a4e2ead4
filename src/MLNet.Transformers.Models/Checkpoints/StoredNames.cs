namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>A checkpoint's tensors under the names that a network has for them: with its prefix, and in today's spelling.</summary>
internal sealed class StoredNames
{
    private readonly TaskModel _model;
    private readonly ILookup<string, string> _aliasesOf;
    private readonly Dictionary<string, string> _stored = [];
    private readonly List<string> _twice = [];

    public StoredNames(TaskModel model, ITensorSource source)
    {
        _model = model;
        _aliasesOf = model.Aliases.ToLookup(alias => alias.Value, alias => alias.Key);
        string wanted = WithDot(model.Spec.Prefix);
        string? prefix = model.Architecture.Heads.Select(head => head.Prefix).Prepend(model.Architecture.BasePrefix).Where(name => name.Length > 0)
            .Distinct().Select(WithDot).FirstOrDefault(known => source.Names.Any(name => name.StartsWith(known, StringComparison.Ordinal)));
        var roots = model.StoredTensors().Select(item => item.Name)
            .Where(name => name.StartsWith(wanted, StringComparison.Ordinal)).Select(name => name[wanted.Length..].Split('.')[0]).ToHashSet();
        Ignored = model.Architecture.Ignored(model.Spec);
        foreach (string original in source.Names)
        {
            string name = model.Architecture.Names.Modernize(original);
            if (prefix is null)
            {
                name = roots.Contains(name.Split('.')[0]) || IsIgnored(wanted + name) ? wanted + name : name;
            }
            else if (prefix != wanted && name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = wanted + name[prefix.Length..];
            }
            if (!_stored.TryAdd(name, original))
            {
                _twice.Add($"{original} and {_stored[name]}");
            }
        }
    }

    /// <summary>Tensors that the network would give the same name.</summary>
    public IReadOnlyList<string> Twice => _twice;

    /// <summary>The network's names, and what is stored under them.</summary>
    public IReadOnlyDictionary<string, string> All => _stored;

    private IReadOnlyList<string> Ignored { get; }

    /// <summary>A parameter's own name and its second names.</summary>
    public IEnumerable<string> NamesOf(string parameter) => _aliasesOf[parameter].Prepend(parameter);

    /// <summary>The name under which a parameter's values are; null where the checkpoint lacks them.</summary>
    public string? Find(string parameter) =>
        NamesOf(parameter).Concat(_model.Architecture.FallbackNames(parameter)).FirstOrDefault(_stored.ContainsKey);

    /// <summary>Whether a tensor that no parameter was read from is one which the network has no use for.</summary>
    public bool IsIgnored(string name) =>
        _model.Architecture.Names.IsIgnored(name) || _model.Aliases.ContainsKey(name) || Ignored.Any(part => name.StartsWith(part, StringComparison.Ordinal));

    private static string WithDot(string prefix) => prefix.Length == 0 ? "" : prefix + ".";
}
