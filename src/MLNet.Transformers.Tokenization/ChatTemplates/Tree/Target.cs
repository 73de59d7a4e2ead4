using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>What a value is given to.</summary>
internal abstract class Target
{
    public abstract void Assign(Scope scope, object? value);
}

internal sealed class NameTarget(string name) : Target
{
    public override void Assign(Scope scope, object? value) => scope.Set(name, value);
}

/// <summary>An attribute of a namespace.</summary>
internal sealed class AttributeTarget(string space, string attribute) : Target
{
    public override void Assign(Scope scope, object? value)
    {
        if (!scope.TryGet(space, out object? owner))
        {
            throw Undefined.Name(space).Error();
        }
        (owner as NamespaceValue ?? throw new TemplateError($"'{space}' is a {TypeName.Of(owner)}; only attributes of a namespace can be set")).Set(attribute, value);
    }
}

/// <summary>Several, each for one item of the value.</summary>
internal sealed class ItemsTarget(IReadOnlyList<Target> targets) : Target
{
    public override void Assign(Scope scope, object? value)
    {
        IReadOnlyList<object?> items = Sequences.Items(value, scope.Budget);
        if (items.Count != targets.Count)
        {
            throw new TemplateError($"{targets.Count} names were to be given {items.Count} values");
        }
        for (int i = 0; i < targets.Count; i++)
        {
            targets[i].Assign(scope, items[i]);
        }
    }
}
